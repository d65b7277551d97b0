package io.billingsdk.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Message;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

/**
 * Any bytes as a message from a peer: read, or refused as malformed; nothing else is thrown, and
 * what was read keeps the bounds.
 */
final class WireFuzzTest {
  /** Jackson's buffers; and a node, its place in a list and its text for each few bytes. */
  private static final FuzzMeter METER = new FuzzMeter(512 << 10, 600);

  /** Reads a message. */
  private interface Decoder {
    void decode(byte[] message) throws MalformedMessageException;
  }

  @AfterAll
  static void report() throws IOException {
    METER.report();
  }

  private static void check(byte[] input, Decoder decoder) throws IOException {
    METER.measure(
        input,
        message -> {
          try {
            decoder.decode(message);
          } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
          }
        });
  }

  @FuzzTest
  void usageBatch_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          UsageBatch batch = UsageBatch.decode(message);
          assertThat(batch.events().size()).isLessThanOrEqualTo(Bounds.BATCH_EVENTS);
        });
  }

  @FuzzTest
  void receipt_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          for (Receipt.Rejection rejection : Receipt.decode(message).rejected()) {
            assertThat(rejection.seq()).isPositive();
            assertThat(rejection.code().length()).isLessThanOrEqualTo(Bounds.NAME_CHARS);
          }
        });
  }

  @FuzzTest
  void keyFeed_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          KeyFeedMessage feed = KeyFeedMessage.decode(message);
          assertThat(feed.chunk()).isBetween(1, feed.chunks());
          assertThat(feed.skipped()).isNotNegative();
        });
  }

  @FuzzTest
  void presence_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          Presence presence = Presence.decode(message);
          assertThat(presence.maxBatchEvents()).isBetween(1, Bounds.BATCH_EVENTS);
          assertThat(presence.maxBatchBytes()).isBetween(Bounds.EVENT_BYTES, Bounds.BATCH_BYTES);
          assertThat(Presence.decode(presence.encode())).isEqualTo(presence);
        });
  }

  @FuzzTest
  void hello_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          Hello hello = Hello.decode(message);
          assertThat(hello.lastSeq()).isNotNegative();
          assertThat(hello.version().length()).isLessThanOrEqualTo(Bounds.NAME_CHARS);
        });
  }

  @FuzzTest
  void v1Report_anyBytes_isReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          V1Message report = V1Message.decode(message);
          assertThat(report.event().seq() == 0).isEqualTo(report.stream() == null);
        });
  }

  @FuzzTest
  void v1Keys_anyBytes_areReadOrRefused(byte[] input) throws IOException {
    check(
        input,
        message -> {
          for (KeyUpdate.Entry entry : V1Codec.decodeKeyUpdate(message).entries()) {
            assertThat(entry.appId().length()).isLessThanOrEqualTo(Bounds.NAME_CHARS);
          }
        });
  }
}
