package io.billingsdk.examples.gateway;

import com.google.protobuf.ByteString;
import io.billingsdk.examples.api.SpeechRequest;
import io.billingsdk.examples.api.SpeechResponse;
import io.billingsdk.examples.api.TtsGrpc;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.RequireApiKey;
import io.billingsdk.grpc.UsageExtractor;
import io.grpc.stub.StreamObserver;

/** Text to tones. It knows nothing of billing: its characters are metered around it. */
@RequireApiKey
final class TtsService extends TtsGrpc.TtsImplBase {
  private static final int MAX_CHARACTERS = 2000;

  /** Charges by characters (Unicode code points); a call that fails, one. */
  static MeteringInterceptor metering() {
    return MeteringInterceptor.builder()
        .method(
            TtsGrpc.getSynthesizeMethod(),
            Metering.<SpeechRequest, SpeechResponse>of(
                    Offer.TTS.module(),
                    Offer.UNKNOWN_MODEL,
                    UsageExtractor.lastResponse(SpeechResponse::getCharacters))
                .modelFrom(request -> Offer.TTS.billedModel(request.getModel())))
        .minimumOnFailure(Offer.TTS.minimum())
        .build();
  }

  @Override
  public void synthesize(SpeechRequest request, StreamObserver<SpeechResponse> call) {
    try {
      Offer.TTS.requireKnown(Offer.TTS.billedModel(request.getModel()));
      SpeechResponse response = speak(request.getText());
      call.onNext(response);
      call.onCompleted();
    } catch (BadInput bad) {
      call.onError(bad.asStatus());
    }
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
