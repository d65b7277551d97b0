package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import java.io.IOException;

/**
 * Tries what a service needs, one thing after the other. A check whose ground is missing is
 * skipped, so that one fault is one finding. Changes nothing, and reports no usage. For one thread.
 */
final class Doctor {
  private static final String LOGIN = "broker.login";

  private final DoctorTarget doctorTarget;
  private final Findings findings = new Findings();

  Doctor(DoctorTarget doctorTarget) {
    this.doctorTarget = doctorTarget;
  }

  Findings examine() {
    boolean alive = journal();
    if (!new BrokerConnectionCheck(doctorTarget).check(findings)) {
      findings.skipped(LOGIN, "the way to the broker is not open");
    } else if (alive && doctorTarget.ownClientId()) {
      findings.skipped(
          LOGIN,
          "a living process uses this journal, and would lose its connection to a second one as "
              + doctorTarget.clientId()
              + "; stop it, or give --take-over");
    } else {
      broker();
    }
    if (doctorTarget.database() != null) {
      new DatabaseCheck(doctorTarget.database()).check(findings);
    }
    return findings;
  }

  private boolean journal() {
    BillingConfig config = doctorTarget.config();
    if (config.journalInMemory().isPresent()) {
      findings.skipped("journal.directory", "the journal is in memory");
      return false;
    }
    return new JournalCheck(config.journalDirectory(), config.journalMinFreeBytes())
        .check(findings);
  }

  private BillingConfig config() {
    return doctorTarget.config();
  }

  private boolean isHttp() {
    HttpListener there = new HttpListener(doctorTarget);
    return config().allowInsecure() ? there.answersWithoutTls() : there.answersWithTls();
  }

  private void broker() {
    ProbeResult probeResult;
    try (MqttProbe probe = MqttProbe.connect(doctorTarget)) {
      findings.ok(LOGIN, "connected as " + doctorTarget.clientId());
      probeResult = new ServerProbe(doctorTarget, probe).hold();
    } catch (IOException refused) {
      if (isHttp()) {
        findings.fail(
            "broker.protocol",
            config().host() + ":" + config().port() + " speaks HTTP, and is not an MQTT broker",
            "take the MQTT port of the broker, which 'billing serve' prints; default: 8883");
        return;
      }
      findings.fail(
          LOGIN,
          "the broker refuses " + doctorTarget.clientId() + ": " + refused.getMessage(),
          "correct user, password and client id; at the server's own broker all are of one"
              + " instance: billing instance create NAME");
      return;
    }
    new ServerChecks(doctorTarget, probeResult, findings).check();
    new OthersCheck(doctorTarget).check(findings);
  }
}
