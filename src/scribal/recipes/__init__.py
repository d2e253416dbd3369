"""Recipes: a Keras network, how it is trained, and what it must reach."""

from pathlib import Path
from typing import Any

from scribal.exceptions import UnknownNameError
from scribal.recipes.minis import MINIS
from scribal.recipes.own import recipe_from_file, recipe_from_model
from scribal.recipes.reader import READER
from scribal.recipes.recipe import Recipe
from scribal.recipes.tutorials import TUTORIALS

__all__ = ["RECIPES", "Recipe", "find_recipe", "recipe_names"]

RECIPES = {recipe.name: recipe for recipe in (*TUTORIALS, *MINIS, READER)}


def recipe_names() -> list[str]:
    """All recipes' names, in the order in which a learner meets them."""
    return list(RECIPES)


def find_recipe(name_or_model: Any) -> Recipe:
    """Find the recipe of that name, or make one from a Python file with ``build()`` or from a Keras model.

    Args:
        name_or_model: ``"lenet"``; ``"my_network.py"``; a ``keras.Model``; or a :class:`Recipe`, which is returned.

    Raises:
        UnknownNameError: There is no recipe of that name.
        ModelError: The file or the object holds no usable model.
    """
    if isinstance(name_or_model, Recipe):
        return name_or_model
    if not isinstance(name_or_model, str | Path):
        return recipe_from_model(name_or_model)
    name = str(name_or_model)
    if name in RECIPES:
        return RECIPES[name]
    path = Path(name)
    if path.suffix == ".py" or path.is_file():
        return recipe_from_file(path)
    raise UnknownNameError("recipe", name, RECIPES, advice="Or give a Python file with a function build()")
