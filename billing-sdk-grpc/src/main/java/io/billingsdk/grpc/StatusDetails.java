package io.billingsdk.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Encodes what a refusal carries in {@code grpc-status-details-bin}: a {@code google.rpc.Status}
 * with its details, in the wire format of protobuf.
 *
 * <p>By hand, since these messages are tiny and protobuf's generated classes are not: generated
 * code refuses to load with a runtime that is older than its compiler, and a service brings the
 * runtime that it wants. Then every call would end with UNKNOWN.
 */
final class StatusDetails {
  private static final String TYPES = "type.googleapis.com/google.rpc.";
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream encoded = new ByteArrayOutputStream(160);

  private StatusDetails() {}

  /** A {@code google.rpc.Status}. */
  static byte[] status(int code, String message, byte[]... details) {
    StatusDetails status = new StatusDetails().number(1, code).text(2, message);
    for (byte[] detail : details) {
      status.bytes(3, detail);
    }
    return status.toBytes();
  }

  /** A detail: a {@code google.rpc.ErrorInfo}, with the operator's reason if there is one. */
  static byte[] errorInfo(String reason, String domain, @Nullable String operatorReason) {
    StatusDetails info = new StatusDetails().text(1, reason).text(2, domain);
    if (operatorReason != null) {
      info.bytes(3, new StatusDetails().text(1, "reason").text(2, operatorReason).toBytes());
    }
    return any("ErrorInfo", info);
  }

  /** A detail: a {@code google.rpc.RetryInfo}. */
  static byte[] retryInfo(Duration after) {
    StatusDetails delay = new StatusDetails().number(1, after.getSeconds());
    return any(
        "RetryInfo", new StatusDetails().bytes(1, delay.number(2, after.getNano()).toBytes()));
  }

  /** A detail: a {@code google.rpc.QuotaFailure} with one violation. */
  static byte[] quotaFailure(String subject, String description) {
    StatusDetails violation = new StatusDetails().text(1, subject).text(2, description);
    return any("QuotaFailure", new StatusDetails().bytes(1, violation.toBytes()));
  }

  /** A {@code google.protobuf.Any}. */
  private static byte[] any(String type, StatusDetails message) {
    return new StatusDetails().text(1, TYPES + type).bytes(2, message.toBytes()).toBytes();
  }

  private StatusDetails number(int field, long value) {
    // As protobuf does: zero is left out.
    if (value != 0) {
      varint(field << 3 | VARINT);
      varint(value);
    }
    return this;
  }

  private StatusDetails text(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private StatusDetails bytes(int field, byte[] value) {
    varint(field << 3 | BYTES);
    varint(value.length);
    encoded.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      encoded.write((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    encoded.write((int) left);
  }

  private byte[] toBytes() {
    return encoded.toByteArray();
  }
}
