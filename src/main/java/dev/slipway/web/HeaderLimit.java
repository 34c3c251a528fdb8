package dev.slipway.web;

import io.netty.handler.codec.DefaultHeaders.NameValidator;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * Limits how many headers and trailers are read. The limit of their bytes is not enough: one of
 * four bytes takes more than a hundred once it is read, also while the others are still to come.
 */
public final class HeaderLimit implements HttpHeadersFactory {
  /** GitHub sends about fifteen, a browser behind proxies thirty. */
  public static final int MOST = 200;

  private static final int LONGEST_LINE = 4096;
  private static final int LARGEST_HEAD = 8192;

  private final DefaultHttpHeadersFactory usual;

  private HeaderLimit(DefaultHttpHeadersFactory usual) {
    this.usual = usual;
  }

  /** Reads and writes HTTP. */
  static HttpServerCodec codec() {
    return new HttpServerCodec(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(LARGEST_HEAD)
            .setHeadersFactory(new HeaderLimit(DefaultHttpHeadersFactory.headersFactory()))
            .setTrailersFactory(new HeaderLimit(DefaultHttpHeadersFactory.trailersFactory())));
  }

  @Override
  public HttpHeaders newHeaders() {
    return counted().newHeaders();
  }

  @Override
  public HttpHeaders newEmptyHeaders() {
    return counted().newEmptyHeaders();
  }

  private DefaultHttpHeadersFactory counted() {
    return usual.withNameValidator(new Counter(usual.getNameValidator()));
  }

  /** Sees each header of one message before it is kept. */
  private static final class Counter implements NameValidator<CharSequence> {
    private final NameValidator<CharSequence> usual;
    private int seen;

    Counter(NameValidator<CharSequence> usual) {
      this.usual = usual;
    }

    @Override
    public void validateName(CharSequence name) {
      usual.validateName(name);
      seen++;
      if (seen > MOST) {
        throw new TooLongHttpHeaderException("more than " + MOST + " headers");
      }
    }
  }
}
