from scribal.models import LayerDescription, describe


def test_sequential(plain_model):
    rows = describe(plain_model)
    assert [row.kind for row in rows] == ["Conv2D", "MaxPooling2D", "Dropout", "Flatten", "Dense"]
    assert [row.parameters for row in rows] == [30, 0, 0, 0, 280]
    assert rows[0] == LayerDescription(plain_model.layers[0].name, "Conv2D", "6 x 6 x 3", 30)
    assert rows[-1].output_shape == "10"


def test_rows_add_up_to_the_model(model):
    rows = describe(model)
    assert sum(row.parameters for row in rows) == model.count_params()
    assert "InputLayer" not in {row.kind for row in rows}
    assert all("None" not in row.output_shape for row in rows)


def test_model_built_later(keras):
    model = keras.Sequential([keras.layers.Dense(5), keras.layers.Dense(4)])
    assert [(row.output_shape, row.parameters) for row in describe(model)] == [("?", 0), ("?", 0)]
    model.build((None, 3))
    assert [(row.output_shape, row.parameters) for row in describe(model)] == [("5", 20), ("4", 24)]


def test_layer_with_several_outputs(keras):
    image = keras.Input((6,))
    halves = keras.layers.Identity(name="halves")({"left": image, "right": image})
    model = keras.Model(image, keras.layers.Add()([halves["left"], halves["right"]]))
    shapes = {row.name: row.output_shape for row in describe(model)}
    assert shapes["halves"] == "6, 6"
