package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import java.io.IOException;

/**
 * Tries what a service needs, one thing after the other. A check whose ground is missing is
 * skipped, so that one fault is one finding. Changes nothing, and reports no usage. For one thread.
 */
final class Doctor {
  private static final String LOGIN = "broker.login";

  private final Patient patient;
  private final Findings findings = new Findings();

  Doctor(Patient patient) {
    this.patient = patient;
  }

  Findings examine() {
    boolean alive = journal();
    if (!new BrokerDoor(patient).check(findings)) {
      findings.skipped(LOGIN, "the way to the broker is not open");
    } else if (alive && patient.ownClientId()) {
      findings.skipped(
          LOGIN,
          "a living process uses this journal, and would lose its connection to a second one as "
              + patient.clientId()
              + "; stop it, or give --take-over");
    } else {
      broker();
    }
    if (patient.database() != null) {
      new DatabaseCheck(patient.database()).check(findings);
    }
    return findings;
  }

  private boolean journal() {
    BillingConfig config = patient.config();
    if (config.journalInMemory().isPresent()) {
      findings.skipped("journal.directory", "the journal is in memory");
      return false;
    }
    return new JournalCheck(config.journalDirectory(), config.journalMinFreeBytes())
        .check(findings);
  }

  private BillingConfig config() {
    return patient.config();
  }

  private boolean isHttp() {
    HttpListener there = new HttpListener(patient);
    return config().allowInsecure() ? there.answersWithoutTls() : there.answersWithTls();
  }

  private void broker() {
    Evidence evidence;
    try (MqttProbe probe = MqttProbe.connect(patient)) {
      findings.ok(LOGIN, "connected as " + patient.clientId());
      evidence = new Conversation(patient, probe).hold();
    } catch (IOException refused) {
      if (isHttp()) {
        findings.fail(
            "broker.protocol",
            config().host() + ":" + config().port() + " speaks HTTP, and is no MQTT broker",
            "take the MQTT port of the broker, which 'billing serve' prints; default: 8883");
        return;
      }
      findings.fail(
          LOGIN,
          "the broker refuses " + patient.clientId() + ": " + refused.getMessage(),
          "correct user, password and client id; at the server's own broker all are of one"
              + " instance: billing instance create NAME");
      return;
    }
    new ServerChecks(patient, evidence, findings).check();
    new OthersCheck(patient).check(findings);
  }
}
