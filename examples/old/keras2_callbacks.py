# Callbacks that watch val_acc: checkpoints named after it, early stopping, a smaller learning rate, a history of one's own.
import glob
import keras
from keras import backend as K
from keras.callbacks import (Callback, CSVLogger, EarlyStopping, LearningRateScheduler, ModelCheckpoint,
                             ReduceLROnPlateau)
from keras.datasets import mnist
from keras.layers import Dense, Flatten, InputLayer
from keras.optimizers import Adam

SAMPLES = 6000
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, y_train = x_train[:SAMPLES] / 255., y_train[:SAMPLES]
x_test = x_test / 255.


class AccuracyHistory(Callback):
    def on_train_begin(self, logs={}):
        self.acc = []
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))

    def on_epoch_end(self, epoch, logs={}):
        self.acc.append(logs.get('acc'))
        print('lr', float(K.get_value(self.model.optimizer.lr)), 'val_acc %.2f' % logs['val_acc'])
        if logs.get('acc') > 0.999:
            self.model.stop_training = True


model = keras.models.Sequential()
model.add(InputLayer(input_shape=(28, 28)))
model.add(Flatten())
model.add(Dense(32, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='sparse_categorical_crossentropy', optimizer=Adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-08,
                                                                    decay=0.0), metrics=['acc'])
history = AccuracyHistory()
callbacks = [
    history,
    ModelCheckpoint('weights.{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc', verbose=1, save_best_only=True,
                    mode='max', period=1),
    EarlyStopping(monitor='val_acc', patience=3, min_delta=0.0001),
    ReduceLROnPlateau(monitor='val_acc', factor=0.5, patience=2, min_lr=1e-5, epsilon=0.001),
    LearningRateScheduler(lambda epoch: 0.001 * 0.9 ** epoch),
    CSVLogger('training.log'),
]
model.fit(x_train, y_train, batch_size=64, epochs=3, validation_split=0.1, callbacks=callbacks, verbose=0)
print(len(history.acc), 'epochs', len(history.losses), 'batches', open('training.log').readline().strip())
best = sorted(glob.glob('weights.*.hdf5'))[-1]
model.load_weights(best)
print('Test accuracy: %.4f' % model.evaluate(x_test, y_test, verbose=0)[1])
