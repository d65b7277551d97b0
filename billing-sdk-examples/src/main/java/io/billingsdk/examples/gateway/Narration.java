package io.billingsdk.examples.gateway;

import com.google.protobuf.ByteString;
import io.billingsdk.Billing;
import io.billingsdk.Caller;
import io.billingsdk.Execution;
import java.math.BigDecimal;

/**
 * A run over several parts of the gateway: a text is summarised, spoken, and listened to. Each part
 * is a step with a duration, and each that has finished has its cost, also when a later one fails.
 */
final class Narration {
  /** The type of its task, by which the analytics know it. */
  static final String TASK = "narration";

  private static final int MAX_CHARACTERS = 2000;

  private final Caller caller;

  /** For a caller, who pays. */
  Narration(Caller caller) {
    this.caller = caller;
  }

  /** The summary, spoken. */
  record Narrated(String summary, ByteString wav, BigDecimal seconds) {}

  /**
   * Makes one.
   *
   * @param user for whom it is
   * @param id the name of the run
   * @throws BadInput when a step refuses its input: what finished before is billed
   */
  Narrated of(String user, String id, String text, int sentences) throws BadInput {
    try (Execution run = Billing.execution(TASK).caller(caller).subject(user).id(id).start()) {
      String summary = run.call("summarize", () -> Summarizer.summarize(text, sentences));
      int tokens = Tokenizer.tokens(text).size() + Tokenizer.tokens(summary).size();
      run.cost(Offer.LLM.module(), Offer.LLM.models().get(0), tokens, "tokens");
      ByteString wav = run.call("speak", () -> speak(summary));
      int characters = summary.codePointCount(0, summary.length());
      run.cost(Offer.TTS.module(), Offer.TTS.models().get(0), characters, "characters");
      BigDecimal seconds = run.call("listen", () -> listen(wav));
      run.cost(Offer.ASR.module(), Offer.ASR.models().get(0), seconds, "seconds");
      run.complete();
      return new Narrated(summary, wav, seconds);
    }
  }

  private static ByteString speak(String text) throws BadInput {
    if (text.isBlank() || text.length() > MAX_CHARACTERS) {
      throw new BadInput(
          "text_length", "the summary must have 1 to " + MAX_CHARACTERS + " characters");
    }
    return ByteString.copyFrom(WavWriter.mono16(Tones.of(text), Tones.SAMPLE_RATE));
  }

  private static BigDecimal listen(ByteString wav) throws BadInput {
    try {
      return BigDecimal.valueOf(WavFile.parse(wav.toByteArray()).millis()).movePointLeft(3);
    } catch (WavFormatException malformed) {
      throw new BadInput("malformed_wav", "wav: " + malformed.getMessage());
    }
  }
}
