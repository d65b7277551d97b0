package io.billingsdk.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Policies by options of the {@code .proto}: {@code (billing.api_key)} on a method, which counts
 * more, or {@code (billing.api_key_of_service)} on its service.
 *
 * <p>The options are read by their number from their bytes, not through the generated class of the
 * extension: so the check needs nothing that was generated, whatever protobuf the service brings.
 */
final class ProtoPolicies implements PolicyRule {
  /** The number of both extensions in billing/api_key.proto; the values are those of its enum. */
  private static final int OPTION = 50917;

  ProtoPolicies() {}

  @Override
  public @Nullable KeyPolicy policyOf(io.grpc.MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema)) {
      return null;
    }
    MethodDescriptor descriptor = schema.getMethodDescriptor();
    KeyPolicy ofMethod = policy(descriptor.getOptions().toByteString());
    return ofMethod != null
        ? ofMethod
        : policy(descriptor.getService().getOptions().toByteString());
  }

  private static @Nullable KeyPolicy policy(ByteString options) {
    List<Long> values;
    try {
      values = UnknownFieldSet.parseFrom(options).getField(OPTION).getVarintList();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("options that protobuf has encoded", impossible);
    }
    // Of an enum that comes twice the last counts.
    return values.isEmpty()
        ? null
        : switch (values.get(values.size() - 1).intValue()) {
          case 1 -> KeyPolicy.REQUIRED;
          case 2 -> KeyPolicy.OPTIONAL;
          case 3 -> KeyPolicy.NONE;
          default -> null;
        };
  }
}
