"""LLVM's assembly language, as far as the engine speaks it, written straight as text.

Names are those of ``llvmlite.ir``, which makes objects of all instructions first: half of the time that compiling a
network took went there. What is written is checked by LLVM when it is read.
The language: https://llvm.org/docs/LangRef.html.
"""

from scribal.engine.llvm.builder import Builder
from scribal.engine.llvm.function import Block, Function, Phi
from scribal.engine.llvm.values import FloatType, IntType, PointerType, Type, Value, VectorType, VoidType

__all__ = [
    "Block",
    "Builder",
    "FloatType",
    "Function",
    "IntType",
    "Phi",
    "PointerType",
    "Type",
    "Value",
    "VectorType",
    "VoidType",
]
