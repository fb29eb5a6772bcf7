"""HTTP in, HTML out: one module per feature, named like its db module. A route loads, calls one rule, answers."""
