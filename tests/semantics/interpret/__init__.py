"""Tests of the interpreter as a whole: imports, order, constants, budgets."""
