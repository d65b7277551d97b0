package io.billingsdk.testbed;

import java.nio.file.Path;

/**
 * A broker with TLS and the users of {@link Role}, which a test can start and fail.
 *
 * <p>The port is the same after every start. Sessions and queued messages do not survive a stop.
 * Thread-safe. Close it after the test.
 */
public interface TestBroker extends AutoCloseable {

  /** Starts it and returns when its port accepts connections; it must not run. */
  void start();

  /** Stops it in order; does nothing when it does not run. */
  void stop();

  /** Stops it without a farewell, where the implementation can; does nothing when it is stopped. */
  void kill();

  /** The name to connect to, which its certificate holds. */
  default String host() {
    return "localhost";
  }

  /** The port, from the first start on. */
  int port();

  /** The certificate of the authority to trust, as a PEM file, from the first start on. */
  Path caPem();

  /** The user name of a role. */
  default String user(Role role) {
    return role.user();
  }

  /** The password of a role. */
  default String password(Role role) {
    return role.password();
  }

  /** Stops it for good. */
  @Override
  void close();
}
