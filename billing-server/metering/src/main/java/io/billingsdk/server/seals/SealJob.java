package io.billingsdk.server.seals;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals each day some minutes after its end. A run that is repeated seals nothing again. */
final class SealJob implements Job {
  private static final Logger log = LoggerFactory.getLogger(SealJob.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Actor SERVER = new Actor("server");

  private final DaySealing sealing;
  private boolean saidThatOthersSeal;

  SealJob(DaySealing sealing) {
    this.sealing = sealing;
  }

  @Override
  public String name() {
    return "ledger-seals";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public synchronized void run() throws InterruptedException {
    if (sealing.isMine()) {
      sealing
          .seal(sealing.complete(), SERVER)
          .forEach(
              each ->
                  log.info(
                      "sealed the ledger day {}: {} rows", each.seal().day(), each.seal().rows()));
    } else if (!saidThatOthersSeal) {
      saidThatOthersSeal = true;
      log.warn(
          "the ledger is sealed with the key of another server: this one seals no day; --seal-key"
              + " names the file of that key");
    }
  }
}
