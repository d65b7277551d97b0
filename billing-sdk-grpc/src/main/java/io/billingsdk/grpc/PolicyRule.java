package io.billingsdk.grpc;

import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/** One source of policies. */
interface PolicyRule {

  /** What it says of a method; null when it says nothing. */
  @Nullable KeyPolicy policyOf(MethodDescriptor<?, ?> method);
}
