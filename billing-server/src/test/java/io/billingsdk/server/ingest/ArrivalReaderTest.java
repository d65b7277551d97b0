package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.HeldMessage;
import org.junit.jupiter.api.Test;

class ArrivalReaderTest {
  private final ArrivalReader reader = new ArrivalReader(V2Topics.under("billing"));

  @Test
  void batch_onWhichTheReaderItselfFails_isKeptAsUnreadableAndConfirmedInTheEnd() {
    HeldMessage message = failing("billing/v2/instance-1/usage");

    Arrival arrival = reader.batch(message);

    assertThat(arrival.entries()).isEmpty();
    assertThat(arrival.instance()).isEqualTo("instance-1");
    assertThat(arrival.malformed()).contains("IllegalStateException").doesNotContain("sk-1");
    arrival.confirmation().run();
    verify(message).settle();
  }

  @Test
  void report_onWhichTheReaderItselfFails_isKeptAsUnreadable() {
    Arrival arrival = reader.report(failing("billing/report"));

    assertThat(arrival.malformed()).contains("IllegalStateException").doesNotContain("sk-1");
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
