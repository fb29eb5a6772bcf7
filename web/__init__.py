"""What every route uses: who may come in, how an answer is given, forms, uploads, QR pictures, static files."""
