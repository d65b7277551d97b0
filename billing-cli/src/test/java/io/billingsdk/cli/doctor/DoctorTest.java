package io.billingsdk.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.BillingConfig;
import io.billingsdk.cli.doctor.Finding.Result;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Set-ups with one fault each, of real parts: the fault is found, with its fix, and nothing else is
 * called a fault.
 */
@Tag("postgres")
@Timeout(240)
class DoctorTest {
  @TempDir static Path directory;

  private static Clinic clinic;

  @BeforeAll
  static void open() throws IOException {
    clinic = Clinic.open(directory);
  }

  @AfterAll
  static void close() throws Exception {
    clinic.close();
  }

  @Test
  void examine_nothingWrong_isOkAndLeavesNothingBehind() throws Exception {
    long streams = clinic.streams();
    NewKey key = clinic.key();
    Findings findings =
        new Doctor(clinic.patient(clinic.service("gateway").build(), key.text())).examine();

    assertThat(findings.all())
        .as("%s", findings.all())
        .allMatch(each -> each.result() == Result.OK || each.check().equals("journal.slots"))
        .extracting(Finding::check)
        .contains(
            "broker.port",
            "broker.tls",
            "broker.login",
            "rights.usage",
            "rights.receipts",
            "rights.others",
            "server.presence",
            "server.protocol",
            "server.receipts",
            "server.clock",
            "key",
            "journal.directory",
            "journal.space",
            "database.connection",
            "database.settings",
            "database.login",
            "database.invoices");
    assertThat(clinic.streams()).isEqualTo(streams);
    Proof.of("doctor").with("set_up", "healthy").with("ok", findings.count(Result.OK)).print();
  }

  @Test
  void examine_wrongCa() {
    found(
        "wrong-ca",
        "broker.tls",
        "CN=clinic CA",
        patient(clinic.service("gateway").caCertificates(clinic.otherCa()).build()));
  }

  @Test
  void examine_wrongHost() {
    found(
        "wrong-host",
        "broker.tls",
        "set host to a name that it is for: localhost",
        patient(clinic.service("gateway").host("127.0.0.1").build()));
  }

  @Test
  void examine_portClosed() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    found(
        "port-closed",
        "broker.port",
        "correct host and port",
        patient(clinic.service("gateway").port(free).build()));
  }

  @Test
  void examine_wrongPassword() {
    found(
        "wrong-password",
        "broker.login",
        "correct user, password and client id",
        patient(clinic.service("gateway").credentials("gateway", "canary-wrong").build()));
  }

  @Test
  void examine_noRightToReceipts() {
    found(
        "no-receipts-right",
        "rights.receipts",
        "let deaf subscribe to billing/v2/deaf/receipts",
        patient(clinic.service("deaf").build()));
  }

  @Test
  void examine_rightToEverything() {
    found(
        "every-right",
        "rights.others",
        "give each instance its own topics alone",
        patient(clinic.service("curious").build()));
  }

  @Test
  void examine_noServer() {
    found(
        "no-server",
        "server.presence",
        "start it at this broker, or correct topicPrefix",
        patient(clinic.service(Clinic.LONELY).topicPrefix(Clinic.LONELY).build()));
  }

  @Test
  void examine_oldProtocol() {
    found(
        "old-protocol",
        "server.protocol",
        "upgrade it",
        patient(clinic.service(Clinic.OLD).topicPrefix(Clinic.OLD).build()));
  }

  @Test
  void examine_skewedClock() {
    DoctorTarget right = patient(clinic.service("gateway").build());
    found("skewed-clock", "server.clock", "NTP", withClock(right, Duration.ofMinutes(10)));
  }

  @Test
  void examine_blockedKey() throws Exception {
    NewKey key = clinic.key();
    clinic.block(key);
    found(
        "blocked-key",
        "key",
        "billing keys unblock " + key.keyId(),
        clinic.patient(clinic.service("gateway").build(), key.text()));
  }

  @Test
  void examine_unknownKey() {
    found(
        "unknown-key",
        "key",
        "billing keys create",
        clinic.patient(clinic.service("gateway").build(), "canary-no-key"));
  }

  @Test
  void examine_fsyncOff() throws Exception {
    try (UnsafeDatabase unsafe = UnsafeDatabase.in(directory)) {
      DoctorTarget right = patient(clinic.service("gateway").build());
      found(
          "fsync-off",
          "database.settings",
          "ALTER SYSTEM SET",
          new DoctorTarget(
              right.config(),
              right.clientId(),
              right.ownClientId(),
              null,
              unsafe.address(),
              right.clock(),
              right.patience()));
    }
  }

  @Test
  void examine_fullDisk() throws Exception {
    if (!Mounted.isPossible()) {
      Proof.of("doctor").with("set_up", "full-disk").with("skipped", "needs root").print();
      assumeTrue(false, "needs root");
    }
    try (Mounted disk = Mounted.at(directory.resolve("full"))) {
      disk.fill();
      found("full-disk", "journal.space", "make room", patient(journalAt("full")));
    }
  }

  @Test
  void examine_journalNotWritable() throws Exception {
    Path place = directory.resolve("read-only");
    if (Mounted.isPossible()) {
      try (Mounted disk = Mounted.at(place)) {
        disk.makeReadOnly();
        notWritable();
      }
    } else {
      Files.createDirectory(place);
      assertThat(place.toFile().setWritable(false)).isTrue();
      notWritable();
    }
  }

  /** In a file system with room, so that one fault is shown and not two. */
  private static void notWritable() {
    BillingConfig config =
        clinic
            .service("gateway")
            .journalMinFreeBytes(0)
            .journalDirectory(directory.resolve("read-only"))
            .build();
    found("journal-read-only", "journal.directory", "let this user write", patient(config));
  }

  private static BillingConfig journalAt(String name) {
    return clinic.service("gateway").journalDirectory(directory.resolve(name)).build();
  }

  private static DoctorTarget patient(BillingConfig config) {
    return clinic.patient(config, null);
  }

  private static DoctorTarget withClock(DoctorTarget doctorTarget, Duration ahead) {
    return new DoctorTarget(
        doctorTarget.config(),
        doctorTarget.clientId(),
        doctorTarget.ownClientId(),
        null,
        doctorTarget.database(),
        InstantSource.offset(InstantSource.system(), ahead),
        doctorTarget.patience());
  }

  private static void found(String setUp, String check, String fix, DoctorTarget doctorTarget) {
    List<Finding> all = new Doctor(doctorTarget).examine().all();
    List<Finding> faults =
        all.stream()
            .filter(each -> each.result() == Result.FAIL || each.result() == Result.WARN)
            .toList();
    assertThat(faults).as("%s", all).extracting(Finding::check).containsExactly(check);
    Finding fault = faults.get(0);
    assertThat(fault.result()).isEqualTo(Result.FAIL);
    assertThat(fault.fix()).contains(fix);
    assertThat(all.toString()).doesNotContain("canary");
    Proof.of("doctor")
        .with("set_up", setUp)
        .with("failed", check)
        .with("found", fault.found())
        .with("fix", String.valueOf(fault.fix()))
        .print();
  }
}
