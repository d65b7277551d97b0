package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.HeldMessage;
import org.junit.jupiter.api.Test;

class IncomingMessageReaderTest {
  private final IncomingMessageReader reader = new IncomingMessageReader(V2Topics.under("billing"));

  @Test
  void batch_onWhichTheReaderItselfFails_isKeptAsUnreadableAndConfirmedInTheEnd() {
    HeldMessage message = failing("billing/v2/instance-1/usage");

    IncomingMessage incomingMessage = reader.batch(message);

    assertThat(incomingMessage.entries()).isEmpty();
    assertThat(incomingMessage.instance()).isEqualTo("instance-1");
    assertThat(incomingMessage.malformed())
        .contains("IllegalStateException")
        .doesNotContain("sk-1");
    incomingMessage.confirmation().run();
    verify(message).settle();
  }

  @Test
  void report_onWhichTheReaderItselfFails_isKeptAsUnreadable() {
    IncomingMessage incomingMessage = reader.report(failing("billing/report"));

    assertThat(incomingMessage.malformed())
        .contains("IllegalStateException")
        .doesNotContain("sk-1");
  }

  /** A defect of the reader cannot be had otherwise. */
  private static HeldMessage failing(String topic) {
    HeldMessage message = mock(HeldMessage.class);
    when(message.topic()).thenReturn(topic);
    when(message.login()).thenReturn("");
    when(message.payload()).thenThrow(new IllegalStateException("while reading of sk-1"));
    return message;
  }
}
