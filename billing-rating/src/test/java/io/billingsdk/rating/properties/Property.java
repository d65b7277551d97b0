package io.billingsdk.rating.properties;

import java.util.Random;

/** Something that must hold for every input. */
interface Property {
  /** Makes one random input and fails with an {@link AssertionError} if the property is broken. */
  void check(Random random, Subject subject);

  /** Fails with this text, each {@code %s} in it replaced by a value, unless this holds. */
  static void require(boolean holds, String otherwise, Object... values) {
    if (holds) {
      return;
    }
    String text = otherwise;
    for (Object value : values) {
      int place = text.indexOf("%s");
      text = text.substring(0, place) + value + text.substring(place + 2);
    }
    throw new AssertionError(text);
  }
}
