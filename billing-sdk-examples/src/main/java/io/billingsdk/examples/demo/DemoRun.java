package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.Narrator.Voice;
import io.billingsdk.server.db.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One run of the demo, from the temporary directory to the exit code. */
final class DemoRun {
  private static final int AGREES = 0;
  private static final int DISAGREES = 1;
  private static final int CANNOT_RUN_HERE = 2;

  private final ScenarioSettings settings;
  private final Narrator narrator;
  private final PrintWriter out;
  private final PrintWriter progress;

  /** For the thread that cleans up after Ctrl-C. */
  private volatile @Nullable DemoWorld runningWorld;

  DemoRun(ScenarioSettings settings, Narrator narrator, PrintWriter out, PrintWriter progress) {
    this.settings = settings;
    this.narrator = narrator;
    this.out = out;
    this.progress = progress;
  }

  /** Runs it and returns the exit code. */
  int run(boolean json, boolean keepRunning) throws IOException, InterruptedException {
    try (DemoDirectory directory = DemoDirectory.create()) {
      // For Ctrl-C, which does not come by the end of this block. The server is a process.
      Thread cleanUp = new Thread(() -> abandon(directory), "demo-clean-up");
      Runtime.getRuntime().addShutdownHook(cleanUp);
      try {
        DemoLogging.toFile(directory.log());
        return inside(directory, json, keepRunning);
      } catch (IOException | RuntimeException failed) {
        narrator.say(Voice.DEMO, "failed: %s", describe(failed));
        narrator.say(Voice.DEMO, "the log is %s", directory.keepLog());
        return DISAGREES;
      } finally {
        forget(cleanUp);
      }
    }
  }

  private int inside(DemoDirectory directory, boolean json, boolean keepRunning)
      throws IOException, InterruptedException {
    Optional<String> whyNot = EmbeddedDatabase.whyNotHere();
    if (whyNot.isPresent()) {
      narrator.say(Voice.DEMO, "cannot run here: %s", whyNot.get());
      return CANNOT_RUN_HERE;
    }
    narrator.say(
        Voice.DEMO,
        "%d calls, seed %d, %d prompts, %d WAV files",
        settings.calls(),
        settings.seed(),
        settings.inputs().prompts().size(),
        settings.inputs().wavs().size());
    try (DemoWorld world =
        remembered(DemoWorld.start(WorldSettings.in(directory.path()), narrator))) {
      ScenarioResult result = Scenario.play(world, settings, narrator);
      double seconds = narrator.seconds();
      show(result, json, seconds);
      narrator.say(Voice.DEMO, "%s", result.ok() ? "everything agrees" : "NOT everything agrees");
      if (!result.ok()) {
        narrator.say(Voice.DEMO, "the log is %s", directory.keepLog());
      }
      if (keepRunning) {
        serveForEver(world);
      }
      return result.ok() ? AGREES : DISAGREES;
    }
  }

  private void show(ScenarioResult result, boolean json, double seconds) {
    ResultTable.lines(result).forEach(progress::println);
    progress.flush();
    if (json) {
      out.println(Json.of(result, settings.seed(), seconds));
      out.flush();
    }
  }

  private void serveForEver(DemoWorld world) throws InterruptedException {
    CallHint.lines(world).forEach(progress::println);
    progress.flush();
    // Until Ctrl-C ends the JVM.
    new CountDownLatch(1).await();
  }

  private DemoWorld remembered(DemoWorld world) {
    runningWorld = world;
    return world;
  }

  private void abandon(DemoDirectory directory) {
    // What now breaks, because the server goes, is no news to somebody who pressed Ctrl-C.
    narrator.mute();
    DemoWorld world = runningWorld;
    if (world != null) {
      world.server().close();
    }
    directory.close();
  }

  /** An exception's message is for people only if somebody wrote it for them. */
  private static String describe(Throwable failed) {
    String message = failed.getMessage();
    return message == null ? failed.getClass().getSimpleName() : message;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Then the hook has its work to do.
    }
  }
}
