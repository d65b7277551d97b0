package io.billingsdk.cli.doctor;

import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import java.io.IOException;

/** The broker answers CONNECT with a refusal; the message is its reason code. */
final class ConnectRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Mqtt5ConnAckReasonCode code;

  ConnectRefusedException(Mqtt5ConnAckReasonCode code, Throwable cause) {
    super(code.name(), cause);
    this.code = code;
  }

  /** Whether the broker does not know the login, or not yet. */
  boolean isOfLogin() {
    return code == Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD
        || code == Mqtt5ConnAckReasonCode.NOT_AUTHORIZED;
  }
}
