package io.billingsdk.testbed;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.broker.TopicRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a Mosquitto reads: configuration, certificate, passwords, topic rules. */
record MosquittoFiles(Path directory) {

  static final Path PASSWORD_TOOL = Path.of("/usr/bin/mosquitto_passwd");

  Path configuration() {
    return directory.resolve("mosquitto.conf");
  }

  Path log() {
    return directory.resolve("mosquitto.log");
  }

  Path caPem() {
    return directory.resolve("ca.pem");
  }

  void write(int port, List<String> extraLines) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    CertificateAuthority authority = CertificateAuthority.create("billing test CA");
    authority.writeCertificate(caPem());
    IssuedCertificate server = authority.issueServer("localhost", "127.0.0.1");
    server.writeCertificatePem(directory.resolve("server.pem"));
    server.writeKeyPem(directory.resolve("server.key"));
    Files.writeString(directory.resolve("acl"), rules());
    writePasswords();
    Files.writeString(configuration(), settings(port, extraLines));
  }

  /** An extra line replaces the line of ours that begins with the same word. */
  private String settings(int port, List<String> extraLines) {
    Map<String, String> lines = new LinkedHashMap<>();
    Stream<String> ours =
        Stream.of(
            "listener " + port + " 127.0.0.1",
            "certfile " + directory.resolve("server.pem"),
            "keyfile " + directory.resolve("server.key"),
            "allow_anonymous false",
            "password_file " + directory.resolve("passwords"),
            "acl_file " + directory.resolve("acl"),
            "persistence false",
            "max_inflight_messages 1000",
            "max_queued_messages 0",
            "log_dest file " + log(),
            "log_type all");
    // Started by root, it would otherwise become a user that cannot read these files.
    Stream<String> user =
        "root".equals(System.getProperty("user.name")) ? Stream.of("user root") : Stream.of();
    Stream.of(ours, user, extraLines.stream())
        .flatMap(each -> each)
        .forEach(line -> lines.put(line.split(" ", 2)[0], line));
    return String.join("\n", lines.values()) + "\n";
  }

  private static String rules() {
    return Stream.of(Role.values())
        .map(
            role ->
                role.rules().stream()
                    .map(rule -> "topic " + access(rule) + " " + rule.filter() + "\n")
                    .collect(Collectors.joining("", "user " + role.user() + "\n", "\n")))
        .collect(Collectors.joining());
  }

  private static String access(TopicRule rule) {
    return rule.publish() && rule.subscribe() ? "readwrite" : rule.publish() ? "write" : "read";
  }

  /** By a file of plain passwords and -U: as an argument a password is seen by every process. */
  private void writePasswords() throws IOException, InterruptedException {
    Path file = directory.resolve("passwords");
    String plain =
        Stream.of(Role.values())
            .map(role -> role.user() + ":" + role.password() + "\n")
            .collect(Collectors.joining());
    Files.writeString(file, plain);
    Process tool =
        new ProcessBuilder(PASSWORD_TOOL.toString(), "-U", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("mosquitto_passwd.log").toFile())
            .start();
    if (!tool.waitFor(60, TimeUnit.SECONDS) || tool.exitValue() != 0) {
      tool.destroyForcibly();
      throw new IOException(PASSWORD_TOOL + " failed; see its log in " + directory);
    }
  }
}
