package io.billingsdk.internal.client;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;

/**
 * Makes the JDK forget the records of this library. JDK 17 keeps, in static fields of {@code
 * java.lang.runtime.ObjectMethods}, the types of the last record whose equals, hashCode or toString
 * was linked, and with them a class loader; later ones keep them softly. Linking these methods for
 * a class of the JDK takes their place.
 */
final class RecordCaches {
  private RecordCaches() {}

  /** Links the three for a class of the JDK. That it fails matters to nobody but a container. */
  static void forget(Logger log) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      MethodHandle getter =
          lookup.findVirtual(String.class, "strip", MethodType.methodType(String.class));
      link(
          lookup,
          "equals",
          MethodType.methodType(boolean.class, String.class, Object.class),
          getter);
      link(lookup, "hashCode", MethodType.methodType(int.class, String.class), getter);
      link(lookup, "toString", MethodType.methodType(String.class, String.class), getter);
    } catch (Throwable unexpected) {
      log.trace("the JDK may keep a record of this library", unexpected);
    }
  }

  private static void link(
      MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle getter)
      throws Throwable {
    var unused = ObjectMethods.bootstrap(lookup, method, type, String.class, "any", getter);
  }
}
