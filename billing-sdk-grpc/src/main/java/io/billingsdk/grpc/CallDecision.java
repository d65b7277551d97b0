package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decision about one call. Immutable and thread-safe; it neither has nor prints the key.
 *
 * <p>A call that was allowed can be denied afterwards, for the model that one of its requests
 * names: then there are two decisions about it.
 */
public final class CallDecision {

  /** The result. */
  public enum Result {
    /** Let in, with a caller. */
    ALLOWED,
    /** Let in without a caller: the method demands no key, and none was presented. */
    WITHOUT_KEY,
    /** Refused. */
    DENIED
  }

  private final MethodDescriptor<?, ?> method;
  private final Result result;
  private final @Nullable Caller caller;
  private final @Nullable DenialReason reason;

  private CallDecision(
      MethodDescriptor<?, ?> method,
      Result result,
      @Nullable Caller caller,
      @Nullable DenialReason reason) {
    this.method = method;
    this.result = result;
    this.caller = caller;
    this.reason = reason;
  }

  static CallDecision allowed(MethodDescriptor<?, ?> method, Caller caller) {
    return new CallDecision(method, Result.ALLOWED, caller, null);
  }

  static CallDecision withoutKey(MethodDescriptor<?, ?> method) {
    return new CallDecision(method, Result.WITHOUT_KEY, null, null);
  }

  static CallDecision denied(
      MethodDescriptor<?, ?> method, @Nullable Caller caller, DenialReason reason) {
    return new CallDecision(method, Result.DENIED, caller, reason);
  }

  /** The method that was called. */
  public MethodDescriptor<?, ?> method() {
    return method;
  }

  /** The result. */
  public Result result() {
    return result;
  }

  /** The caller; empty for a call without a key, and for most that are refused. */
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  /** Why the call was refused; empty for one that was let in. */
  public Optional<DenialReason> reason() {
    return Optional.ofNullable(reason);
  }

  @Override
  public String toString() {
    return "CallDecision["
        + method.getFullMethodName()
        + " "
        + result
        + (reason == null ? "" : " " + reason)
        + (caller == null ? "" : " " + caller)
        + "]";
  }
}
