package io.billingsdk.grpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.billingsdk.grpc.proto.ApiKeyOptions;
import io.billingsdk.grpc.proto.ApiKeyPolicy;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Policies by options of the {@code .proto}: {@code (billing.api_key)} on a method, which counts
 * more, or {@code (billing.api_key_of_service)} on its service.
 */
final class ProtoPolicies implements PolicyRule {

  private ProtoPolicies() {}

  /** The rule; one that says nothing where grpc-protobuf is not on the class path. */
  static PolicyRule whereAvailable() {
    try {
      Class.forName(
          "io.grpc.protobuf.ProtoMethodDescriptorSupplier",
          /* initialize= */ false,
          ProtoPolicies.class.getClassLoader());
      return new ProtoPolicies();
    } catch (ClassNotFoundException absent) {
      return method -> null;
    }
  }

  @Override
  public @Nullable KeyPolicy policyOf(io.grpc.MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema)) {
      return null;
    }
    MethodDescriptor descriptor = schema.getMethodDescriptor();
    KeyPolicy ofMethod = policy(descriptor.getOptions().getExtension(ApiKeyOptions.apiKey));
    return ofMethod != null
        ? ofMethod
        : policy(descriptor.getService().getOptions().getExtension(ApiKeyOptions.apiKeyOfService));
  }

  private static @Nullable KeyPolicy policy(ApiKeyPolicy option) {
    return switch (option) {
      case API_KEY_REQUIRED -> KeyPolicy.REQUIRED;
      case API_KEY_OPTIONAL -> KeyPolicy.OPTIONAL;
      case API_KEY_NONE -> KeyPolicy.NONE;
      default -> null;
    };
  }
}
