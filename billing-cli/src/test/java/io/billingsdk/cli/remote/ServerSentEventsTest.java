package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerSentEventsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void next_events_areReadInTheirOrderAndCommentsAreNot() throws Exception {
    String text =
        """
        : hello

        event: usage
        data: {"a":1}

        : still here

        event:lost
        data:1
        data:2

        """;
    try (ServerSentEvents events =
        new ServerSentEvents(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), LONG)) {
      assertThat(events.next()).contains(new ServerSentEvents.Event("usage", "{\"a\":1}"));
      assertThat(events.next()).contains(new ServerSentEvents.Event("lost", "1\n2"));
      assertThat(events.next()).isEmpty();
    }
  }

  @Test
  void next_cutInAnEvent_isNoEvent() throws Exception {
    byte[] text = "event: usage\ndata: {\"a\"".getBytes(StandardCharsets.UTF_8);
    try (ServerSentEvents events = new ServerSentEvents(new ByteArrayInputStream(text), LONG)) {
      assertThat(events.next()).isEmpty();
    }
  }

  @Test
  void next_nothingComesForTooLong_hasEnded() throws Exception {
    PipedInputStream in = new PipedInputStream();
    try (PipedOutputStream silent = new PipedOutputStream(in);
        ServerSentEvents events = new ServerSentEvents(in, Duration.ofMillis(50))) {
      silent.write(": hello\n".getBytes(StandardCharsets.UTF_8));
      silent.flush();
      assertThat(events.next()).isEmpty();
    }
  }
}
