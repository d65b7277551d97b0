/**
 * For engineers of gRPC services: API keys enforced on every call, and the caller in its context.
 *
 * <p>Start with {@link io.billingsdk.grpc.ApiKeyInterceptor}.
 */
@NullMarked
package io.billingsdk.grpc;

import org.jspecify.annotations.NullMarked;
