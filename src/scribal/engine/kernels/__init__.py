"""The compiled form of each operation: the plain loop nest in its docstring, its blocking in its code."""
