package io.billingsdk.cli.doctor;

import io.billingsdk.cli.doctor.MqttAnswer.AnswerKind;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Topics;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * Whether the broker keeps instances apart: one that may publish receipts of another could free its
 * journal of what nobody has stored. Tried with an instance that does not exist.
 */
final class OthersCheck {
  private static final String CHECK = "rights.others";

  private final DoctorTarget doctorTarget;

  OthersCheck(DoctorTarget doctorTarget) {
    this.doctorTarget = doctorTarget;
  }

  void check(Findings findings) {
    String other = "doctor-" + UUID.randomUUID().toString().substring(0, 8);
    String topic = V2Topics.under(doctorTarget.config().topicPrefix()).receipts(other);
    MqttAnswer read;
    MqttAnswer anything;
    MqttAnswer write;
    try (MqttProbe probe = MqttProbe.connect(doctorTarget)) {
      read = probe.subscribe(topic);
      anything = probe.subscribe("doctor/" + other);
      // Last, since a broker may answer by disconnecting.
      write =
          probe.publish(
              topic, new Receipt(UsageBatch.PROBE, List.of(), List.of(), List.of()).encode());
    } catch (IOException refused) {
      findings.fail(CHECK, "no second connection: " + refused.getMessage(), "see the broker's log");
      return;
    }
    judge(findings, topic, read, anything, write);
  }

  private void judge(
      Findings findings, String topic, MqttAnswer read, MqttAnswer anything, MqttAnswer write) {
    String fix = "give each instance its own topics alone, by user or client id: docs/brokers";
    if (write.isAllowed()) {
      findings.fail(CHECK, doctorTarget.clientId() + " may publish to " + topic, fix);
    } else if (!read.isAllowed()) {
      findings.ok(CHECK, "topics of other instances are refused");
    } else if (anything.kind() == AnswerKind.GRANTED) {
      findings.ok(
          CHECK,
          "receipts of other instances are refused; reading was not tried, since this broker grants"
              + " any subscription and checks the rights when it delivers");
    } else {
      findings.fail(CHECK, doctorTarget.clientId() + " may subscribe to " + topic, fix);
    }
  }
}
