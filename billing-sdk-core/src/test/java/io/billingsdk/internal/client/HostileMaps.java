package io.billingsdk.internal.client;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Maps that a caller's code could hand over without meaning any harm. */
final class HostileMaps {
  private HostileMaps() {}

  /** Fails with a message that quotes its content. */
  static final class Throwing extends AbstractMap<String, Object> {
    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      throw new IllegalStateException(BadInputCases.CANARY);
    }
  }

  /** Says that it is small and never ends. */
  static final class Endless extends AbstractMap<String, Object> {
    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      return set(
          () ->
              new Iterator<>() {
                @Override
                public boolean hasNext() {
                  return true;
                }

                @Override
                public Map.Entry<String, Object> next() {
                  return Map.entry("n", 1);
                }
              });
    }
  }

  /** Is changed by another thread while it is read the second time. */
  static final class Changing extends AbstractMap<String, Object> {
    private int reads;

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      if (++reads > 2) {
        throw new ConcurrentModificationException(BadInputCases.CANARY);
      }
      return Map.<String, Object>of("n", 1).entrySet();
    }
  }

  /** Is fine when it is checked, and holds something else when it is written. */
  static final class Becoming extends AbstractMap<String, Object> {
    private final Object later;
    private int reads;

    Becoming(Object later) {
      this.later = later;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      // Its size is asked for once, then it is gone through once, by the check.
      return Map.of("n", ++reads > 2 ? later : (Object) 1).entrySet();
    }
  }

  private static Set<Map.Entry<String, Object>> set(
      Supplier<Iterator<Map.Entry<String, Object>>> iterators) {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Object>> iterator() {
        return iterators.get();
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }
}
