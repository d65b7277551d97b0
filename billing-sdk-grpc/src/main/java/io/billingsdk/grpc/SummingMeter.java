package io.billingsdk.grpc;

import java.util.function.ToDoubleFunction;

/** Adds up what messages say, or keeps what the last response said. */
final class SummingMeter<Q, R> implements CallMeter<Q, R> {
  private final ToDoubleFunction<? super Q> ofRequest;
  private final ToDoubleFunction<? super R> ofResponse;
  private final Keep keep;
  private double usage;

  enum Keep {
    SUM,
    LAST_RESPONSE
  }

  SummingMeter(
      ToDoubleFunction<? super Q> ofRequest, ToDoubleFunction<? super R> ofResponse, Keep keep) {
    this.ofRequest = ofRequest;
    this.ofResponse = ofResponse;
    this.keep = keep;
  }

  @Override
  public void request(Q request) {
    usage += ofRequest.applyAsDouble(request);
  }

  @Override
  public void response(R response) {
    double said = ofResponse.applyAsDouble(response);
    usage = keep == Keep.SUM ? usage + said : said;
  }

  @Override
  public double usage(double elapsedSeconds) {
    return usage;
  }
}
