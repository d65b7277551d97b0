package io.billingsdk.examples.gateway;

import com.google.protobuf.ByteString;
import io.billingsdk.examples.api.SpeechRequest;
import io.billingsdk.examples.api.SpeechResponse;
import io.billingsdk.examples.api.TtsGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Text to tones, billed by characters (Unicode code points). */
final class TtsService extends TtsGrpc.TtsImplBase {
  private static final int MAX_CHARACTERS = 2000;

  private final BilledCalls calls;

  TtsService(BilledCalls calls) {
    this.calls = calls;
  }

  @Override
  public void synthesize(SpeechRequest request, StreamObserver<SpeechResponse> call) {
    String model = Offer.TTS.billedModel(request.getModel());
    calls.run(
        Offer.TTS,
        model,
        call,
        () -> {
          SpeechResponse response = speak(request.getText());
          call.onNext(response);
          return new Charge(
              Offer.TTS.module(),
              model,
              response.getCharacters(),
              Map.of("seconds", response.getSeconds(), "status", "success"));
        });
  }

  private static SpeechResponse speak(String text) throws BadInput {
    if (text.isBlank()) {
      throw new BadInput("empty_text", "text must not be blank");
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > MAX_CHARACTERS) {
      throw new BadInput("text_too_long", "text must be up to " + MAX_CHARACTERS + " characters");
    }
    short[] samples = Tones.of(text);
    return SpeechResponse.newBuilder()
        .setWav(ByteString.copyFrom(WavWriter.mono16(samples, Tones.SAMPLE_RATE)))
        .setCharacters(characters)
        .setSeconds((double) samples.length / Tones.SAMPLE_RATE)
        .build();
  }
}
