package io.billingsdk.cli.remote;

import static org.awaitility.Awaitility.await;

import io.billingsdk.cli.BillingCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** A command that goes on while the test does, in a thread of this JVM. */
final class RunningCommand {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CompletableFuture<Integer> ended;

  RunningCommand(List<String> arguments) {
    CommandLine commandLine = BillingCommandLine.create("billing");
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    this.ended =
        CompletableFuture.supplyAsync(
            () -> commandLine.execute(arguments.toArray(new String[0])),
            task -> {
              Thread thread = new Thread(task, "command");
              thread.setDaemon(true);
              thread.start();
            });
  }

  void awaitErr(String text) {
    await().atMost(Duration.ofSeconds(60)).until(() -> err().contains(text));
  }

  void awaitLines(int number) {
    await().atMost(Duration.ofSeconds(60)).until(() -> out().lines().count() >= number);
  }

  int awaitEnd() throws Exception {
    return ended.get(60, TimeUnit.SECONDS);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
