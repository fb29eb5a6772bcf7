"""The form with which something of the store is asked for, by a neighbour herself or by the host for her."""

from web.forms import Form, HiddenField, Line, OpId


class AskForm(Form):
    op_id = OpId()
    price = HiddenField()  # as she has seen it
    building = Line("楼栋", 12)
    door = Line("单元和门牌号", 12)

    @property
    def seen(self):
        """The price on the form that was pressed, or -1 where somebody wrote there what is none."""
        text = self.price.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
