package io.billingsdk;

/**
 * A public value whose parts are in a record that only this package knows, so that it can get more
 * of them. Values of one class with equal parts are equal. Immutable.
 *
 * @param <P> its parts
 */
abstract class PartsValue<P extends Record> {
  final P parts;

  PartsValue(P parts) {
    this.parts = parts;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof PartsValue<?> that
        && getClass() == that.getClass()
        && parts.equals(that.parts);
  }

  @Override
  public final int hashCode() {
    return parts.hashCode();
  }

  @Override
  public final String toString() {
    return ValueText.of(getClass().getSimpleName(), parts);
  }
}
