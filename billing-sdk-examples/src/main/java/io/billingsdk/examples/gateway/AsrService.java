package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.AsrGrpc;
import io.billingsdk.examples.api.AudioRequest;
import io.billingsdk.examples.api.AudioResponse;
import io.billingsdk.grpc.RequireApiKey;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/**
 * Where in a WAV file something can be heard, billed by seconds of audio, to the millisecond. It
 * reports its usage by hand.
 */
@RequireApiKey
final class AsrService extends AsrGrpc.AsrImplBase {
  private final BilledCalls calls;

  AsrService(BilledCalls calls) {
    this.calls = calls;
  }

  @Override
  public void analyze(AudioRequest request, StreamObserver<AudioResponse> call) {
    String model = Offer.ASR.billedModel(request.getModel());
    calls.run(
        Offer.ASR,
        model,
        call,
        () -> {
          WavFile wav = parse(request.getWav().toByteArray());
          AudioResponse response = describe(wav);
          call.onNext(response);
          return new Charge(
              Offer.ASR.module(),
              model,
              Math.max(Offer.ASR.minimum(), response.getSeconds()),
              Map.of("segments", response.getSegmentsCount(), "status", "success"));
        });
  }

  private static WavFile parse(byte[] bytes) throws BadInput {
    try {
      return WavFile.parse(bytes);
    } catch (WavFormatException malformed) {
      throw new BadInput("malformed_wav", "wav: " + malformed.getMessage());
    }
  }

  private static AudioResponse describe(WavFile wav) {
    return AudioResponse.newBuilder()
        .setSeconds(wav.millis() / 1000.0)
        .setSampleRate(wav.sampleRate())
        .setChannels(wav.channels())
        .setBitsPerSample(wav.bitsPerSample())
        .addAllSegments(Loudness.segments(wav))
        .build();
  }
}
