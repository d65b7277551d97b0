package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.Contract.Answered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawAnswerTest {
  private static final String HEAD = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n";

  private static Answered read(String received) {
    return RawAnswer.of("GET /a?b HTTP/1.1", received).orElseThrow();
  }

  @Test
  void of_aBodyOfSaidLength_isThatLong() {
    Answered answer = read(HEAD + "Content-Length: 3\r\n\r\nabcHTTP/1.1 200 OK");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.method()).isEqualTo("GET");
    assertThat(answer.path()).isEqualTo("/a?b");
    assertThat(answer.mediaType()).isEqualTo("text/plain");
    assertThat(answer.body()).isEqualTo("abc");
  }

  @Test
  void of_chunks_isWhatIsInThem() {
    assertThat(
            read(HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nab\n\r\nA\r\n0123456789\r\n0\r\n")
                .body())
        .isEqualTo("ab\n0123456789");
  }

  @Test
  void of_anInterimAnswerBefore_isTheLastOne() {
    assertThat(read("HTTP/1.1 100 Continue\r\n\r\n" + HEAD + "Content-Length: 0\r\n\r\n").status())
        .isEqualTo(404);
  }

  @Test
  void of_utf8_isDecoded() {
    assertThat(read(HEAD + "Content-Length: 2\r\n\r\n\u00c3\u00a4").body()).isEqualTo("\u00e4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\n\r\nno end is said"
      })
  void of_halfAnAnswer_isNone(String received) {
    assertThat(RawAnswer.of("GET / HTTP/1.1", received)).isEmpty();
  }
}
