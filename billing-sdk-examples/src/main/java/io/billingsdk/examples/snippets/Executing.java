package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.Execution;
import java.io.IOException;
import java.math.BigDecimal;

/** Executions with steps and costs. */
final class Executing {
  private final Execution.Task<IOException> transcription;

  Executing(Execution.Task<IOException> transcription) {
    this.transcription = transcription;
  }

  void run(String key, String user, BigDecimal minutes) throws IOException {
    // region execution
    try (Execution run = Billing.execution("video_generation").apiKey(key).subject(user).start()) {
      run.step("transcribe", () -> transcription.run());
      run.cost("whisper", "transcribe", minutes, "minutes");
      run.complete();
    }
    // endregion
  }
}
