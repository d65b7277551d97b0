package io.billingsdk.grpc;

/**
 * Finds out whether the options of the {@code .proto} can be read. It names no type of protobuf:
 * {@link ProtoPolicies} itself does not load where protobuf is absent.
 */
final class ProtoPoliciesLookup {
  private ProtoPoliciesLookup() {}

  /** The rule; one that says nothing where grpc-protobuf is not on the class path. */
  static PolicyRule whereAvailable() {
    try {
      Class.forName(
          "io.grpc.protobuf.ProtoMethodDescriptorSupplier",
          /* initialize= */ false,
          ProtoPoliciesLookup.class.getClassLoader());
      return new ProtoPolicies();
    } catch (ClassNotFoundException absent) {
      return method -> null;
    }
  }
}
