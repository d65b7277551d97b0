package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ReceiveWindowTest {
  private static Mqtt5DisconnectException end(Mqtt5DisconnectReasonCode reason) {
    return new Mqtt5DisconnectException(
        Mqtt5Disconnect.builder().reasonCode(reason).build(), "ended");
  }

  @Test
  void widenAfter_tooManyMessages_doublesUpToTheLargest() {
    ReceiveWindow window = new ReceiveWindow(20_000);
    Throwable tooMany = end(Mqtt5DisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    assertThat(window.widenAfter(tooMany)).isTrue();
    assertThat(window.messages()).isEqualTo(40_000);
    assertThat(window.widenAfter(tooMany)).isTrue();
    assertThat(window.messages()).isEqualTo(65_535);
    assertThat(window.widenAfter(tooMany)).isFalse();
    assertThat(window.messages()).isEqualTo(65_535);
  }

  @Test
  void widenAfter_anotherEnd_stays() {
    ReceiveWindow window = new ReceiveWindow(50);
    assertThat(window.widenAfter(end(Mqtt5DisconnectReasonCode.SERVER_SHUTTING_DOWN))).isFalse();
    assertThat(window.widenAfter(new IOException("closed"))).isFalse();
    assertThat(window.messages()).isEqualTo(50);
  }
}
