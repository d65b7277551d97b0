package io.billingsdk.examples.demo;

import io.billingsdk.cli.BillingCommandLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gives an app a customer with a subscription, by the commands that an operator uses. */
final class DemoSubscription {
  private final Path data;

  DemoSubscription(Path data) {
    this.data = data;
  }

  /**
   * Starts it. The customer is named after its app.
   *
   * @param token of an operator who may change everything
   */
  void start(String app, String plan, String token) throws IOException {
    Path file = Files.createTempFile(data, "demo-token", "");
    try {
      Files.writeString(file, token);
      run(file, "customers", "create", app, "--currency", "USD", "--zone", "UTC");
      run(file, "customers", "assign", app, "--app", app);
      run(file, "subscriptions", "start", "--customer", app, "--plan", plan);
    } finally {
      Files.delete(file);
    }
  }

  private void run(Path token, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--data-dir", data.toString(), "--token-file", token.toString()));
    StringWriter complained = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(complained))
            .execute(all.toArray(new String[0]));
    if (code != 0) {
      throw new IOException("billing " + String.join(" ", command) + " failed: " + complained);
    }
  }
}
