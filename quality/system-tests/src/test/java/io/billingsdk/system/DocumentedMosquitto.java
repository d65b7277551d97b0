package io.billingsdk.system;

import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Mosquitto with the ACL file of the documentation as it is, and users as it names them. */
final class DocumentedMosquitto implements TestBroker {
  static final String SERVER = "billing-server";

  private final MosquittoTestBroker broker;
  private final String instance;

  private DocumentedMosquitto(MosquittoTestBroker broker, String instance) {
    this.broker = broker;
    this.instance = instance;
  }

  /**
   * A broker to be started.
   *
   * @param instances their user names; {@link Role#SDK} is the first of them
   */
  static DocumentedMosquitto in(Path directory, List<String> instances)
      throws IOException, InterruptedException {
    Path acl =
        Path.of(System.getProperty("basedir", "."), "..", "..", "docs", "brokers", "mosquitto.acl")
            .toAbsolutePath()
            .normalize();
    Path passwords = passwords(directory, instances);
    return new DocumentedMosquitto(
        MosquittoTestBroker.in(
            directory.resolve("broker"), "acl_file " + acl, "password_file " + passwords),
        instances.get(0));
  }

  static String passwordOf(String user) {
    return user + "-password";
  }

  @Override
  public String user(Role role) {
    return role == Role.SYSTEM ? SERVER : instance;
  }

  @Override
  public String password(Role role) {
    return passwordOf(user(role));
  }

  @Override
  public void start() {
    broker.start();
  }

  @Override
  public void stop() {
    broker.stop();
  }

  @Override
  public void kill() {
    broker.kill();
  }

  @Override
  public int port() {
    return broker.port();
  }

  @Override
  public Path caPem() {
    return broker.caPem();
  }

  @Override
  public void close() {
    broker.close();
  }

  private static Path passwords(Path directory, List<String> instances)
      throws IOException, InterruptedException {
    Path file = directory.resolve("passwords-of-instances").toAbsolutePath();
    String instancesLines =
        instances.stream()
            .map(user -> user + ":" + passwordOf(user) + "\n")
            .collect(Collectors.joining());
    Files.writeString(file, instancesLines + SERVER + ":" + passwordOf(SERVER) + "\n");
    Process tool =
        new ProcessBuilder("/usr/bin/mosquitto_passwd", "-U", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("passwd.log").toFile())
            .start();
    if (!tool.waitFor(60, TimeUnit.SECONDS) || tool.exitValue() != 0) {
      throw new IOException("mosquitto_passwd failed; see " + directory);
    }
    return file;
  }
}
