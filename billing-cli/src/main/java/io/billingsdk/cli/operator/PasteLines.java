package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Terminal;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.Instances.InstanceKind;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * The lines to paste next, for somebody who has just made something: on stderr, since stdout is for
 * programs. A password stands in them only where stdout shows it on the same screen.
 */
final class PasteLines {
  private static final int DEFAULT_PORT = 8883;

  private final PrintWriter err;
  private final boolean shown;

  /**
   * On a stream.
   *
   * @param shown whether what goes to stdout is seen by the one who reads this
   */
  PasteLines(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  /** Those of this process. */
  static PasteLines on(PrintWriter err) {
    return new PasteLines(err, Terminal.ofProcess().out());
  }

  /** After an instance: the settings of the service that uses it. */
  void afterInstance(String name, InstanceKind kind, String password, Path dataDirectory) {
    int port = BillingServer.brokerPortIn(dataDirectory).orElse(DEFAULT_PORT);
    Path authority = BillingServer.brokerDirectory(dataDirectory).resolve("ca.pem");
    String secret = shown ? password : "'(what stdout has)'";
    if (kind == InstanceKind.V1) {
      say("# for a service with the Python SDK; its client id may be anything, or empty");
    } else {
      say("# for the service; its client id is the user name, so one process at a time");
    }
    say("export BILLING_HOST=localhost");
    say("export BILLING_PORT=" + port);
    say("export BILLING_USERNAME=" + name);
    say("export BILLING_PASSWORD=" + secret);
    say("export BILLING_CA_CERTIFICATES=" + quoted(authority.toString()));
    err.flush();
  }

  /** After an app: what makes a key for it. */
  void afterApp(String app, String where) {
    say("# next, a key for it");
    say("billing keys create --app " + quoted(app) + where);
    err.flush();
  }

  /** After a key: what shuts it out, and what makes a service that checks it. */
  void afterKey(String keyId, boolean legacy, String where) {
    say("# the key is shown this once; its callers send it as metadata: api-key");
    say("billing instance create gateway-1" + (legacy ? " --v1" : "") + where);
    say("billing keys block " + quoted(keyId) + " --reason unpaid" + where);
    err.flush();
  }

  private void say(String line) {
    err.println(line);
  }

  /** As a POSIX shell reads it. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") && !word.startsWith("-")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
