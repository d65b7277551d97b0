package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The bytes that are made by hand are those that protobuf makes. */
final class StatusDetailsTest {
  @Test
  void status_withEveryDetail_isWhatProtobufEncodes() {
    String text = "ein Grund ü 理由 \uD83D\uDE00 ".repeat(20);
    for (Duration after :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(300, 999_999_999),
          Duration.ofSeconds(Integer.MAX_VALUE + 1L)
        }) {
      byte[] encoded =
          StatusDetails.status(
              7,
              text,
              StatusDetails.errorInfo("REASON", "billing-sdk", text),
              StatusDetails.retryInfo(after));
      assertThat(encoded).isEqualTo(byProtobuf(text, after).toByteArray());
    }
  }

  @Test
  void errorInfo_withoutOperatorsReason_hasNoMetadata() throws Exception {
    Status status =
        Status.parseFrom(
            StatusDetails.status(16, "no", StatusDetails.errorInfo("A", "billing-sdk", null)));
    assertThat(status.getCode()).isEqualTo(16);
    assertThat(status.getDetails(0).unpack(ErrorInfo.class))
        .isEqualTo(ErrorInfo.newBuilder().setReason("A").setDomain("billing-sdk").build());
  }

  private static Status byProtobuf(String text, Duration after) {
    return Status.newBuilder()
        .setCode(7)
        .setMessage(text)
        .addDetails(
            Any.pack(
                ErrorInfo.newBuilder()
                    .setReason("REASON")
                    .setDomain("billing-sdk")
                    .putMetadata("reason", text)
                    .build()))
        .addDetails(
            Any.pack(
                RetryInfo.newBuilder()
                    .setRetryDelay(
                        com.google.protobuf.Duration.newBuilder()
                            .setSeconds(after.getSeconds())
                            .setNanos(after.getNano()))
                    .build()))
        .build();
  }
}
