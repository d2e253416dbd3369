# Digits as a table with the label in the first column, as on Kaggle; get_dummies and train_test_split.
import numpy as np
import pandas as pd
from keras.datasets import mnist
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D, BatchNormalization
from keras.models import Sequential
from keras.optimizers import RMSprop
from sklearn.cross_validation import train_test_split

SAMPLES = 6000
(images, labels), (test_images, test_labels) = mnist.load_data()
train = pd.DataFrame(images[:SAMPLES].reshape(SAMPLES, 784), columns=['pixel%d' % i for i in range(784)])
train.insert(0, 'label', labels[:SAMPLES])
train.to_csv('train.csv', index=False)

train = pd.read_csv('train.csv')
print(train['label'].value_counts().sort_index())
Y = pd.get_dummies(train['label']).values
X = (train.drop(labels=['label'], axis=1) / 255.0).values.reshape(-1, 28, 28, 1)
X_train, X_val, Y_train, Y_val = train_test_split(X, Y, test_size=0.1, random_state=2)

model = Sequential()
model.add(Conv2D(filters=8, kernel_size=(5, 5), padding='Same', activation='relu', input_shape=(28, 28, 1)))
model.add(BatchNormalization())
model.add(MaxPool2D(pool_size=(2, 2), strides=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(10, activation="softmax"))
optimizer = RMSprop(lr=0.001, rho=0.9, epsilon=1e-08, decay=0.0)
model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=86, epochs=3, validation_data=(X_val, Y_val), verbose=2)
print('Validation: %.2f' % max(history.history['val_acc']))

results = model.predict(test_images.reshape(-1, 28, 28, 1) / 255.0)
results = pd.Series(np.argmax(results, axis=1), name="Label")
submission = pd.concat([pd.Series(range(1, len(results) + 1), name="ImageId"), results], axis=1)
submission.to_csv("submission.csv", index=False)
print('Test accuracy: %.4f' % (submission['Label'].values == test_labels).mean())
