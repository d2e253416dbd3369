# dropout-cnn with a validation split, curves of acc and val_acc, pandas' crosstab, and a gallery of answers.
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from keras.utils import np_utils
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten, Conv2D, MaxPooling2D

np.random.seed(10)
SAMPLES = 6000

(x_Train, y_Train), (x_Test, y_Test) = mnist.load_data()
x_Train4D_normalize = x_Train[:SAMPLES].reshape(SAMPLES, 28, 28, 1).astype('float32') / 255
x_Test4D_normalize = x_Test.reshape(x_Test.shape[0], 28, 28, 1).astype('float32') / 255
y_TrainOneHot = np_utils.to_categorical(y_Train[:SAMPLES])
y_TestOneHot = np_utils.to_categorical(y_Test)

model = Sequential()
model.add(Conv2D(filters=16, kernel_size=(5, 5), padding='same', input_shape=(28, 28, 1), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(filters=36, kernel_size=(5, 5), padding='same', activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(128, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(10, activation='softmax'))
print(model.summary())

model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
train_history = model.fit(x=x_Train4D_normalize, y=y_TrainOneHot, validation_split=0.2, epochs=1, batch_size=300,
                          verbose=2)


def show_train_history(train_history, train, validation):
    plt.plot(train_history.history[train])
    plt.plot(train_history.history[validation])
    plt.title('Train History')
    plt.ylabel(train)
    plt.xlabel('Epoch')
    plt.legend(['train', 'validation'], loc='upper left')
    plt.show()


def plot_images_labels_prediction(images, labels, prediction, idx, num=10):
    fig = plt.gcf()
    fig.set_size_inches(12, 14)
    for i in range(0, num):
        ax = plt.subplot(5, 5, 1 + i)
        ax.imshow(images[idx], cmap='binary')
        ax.set_title("label=" + str(labels[idx]) + ",predict=" + str(prediction[idx]), fontsize=10)
        ax.set_xticks([])
        ax.set_yticks([])
        idx += 1
    plt.show()


show_train_history(train_history, 'acc', 'val_acc')
show_train_history(train_history, 'loss', 'val_loss')
scores = model.evaluate(x_Test4D_normalize, y_TestOneHot, verbose=0)
prediction = model.predict_classes(x_Test4D_normalize)
plot_images_labels_prediction(x_Test, y_Test, prediction, idx=0)
print(pd.crosstab(y_Test, prediction, rownames=['label'], colnames=['predict']))
df = pd.DataFrame({'label': y_Test, 'predict': prediction})
print(df[(df.label == 5) & (df.predict == 3)])
print('Test accuracy: %.4f' % scores[1])
