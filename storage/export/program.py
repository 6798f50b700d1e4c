"""What exports say of the program that wrote them."""

from importlib.metadata import version

PROGRAM = "sinorus"
VERSION = version("sinorus")
