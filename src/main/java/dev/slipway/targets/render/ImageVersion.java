package dev.slipway.targets.render;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of an image from another: its tag, its digest or both. Hosts and
 * repositories are left out, for Render takes no others than those of the service, and spells them
 * in its own way.
 */
record ImageVersion(@Nullable String tag, @Nullable String digest) {
  enum Match {
    SAME,
    OTHER,
    NOT_KNOWN
  }

  static ImageVersion of(String image) {
    int at = image.indexOf('@');
    String named = at < 0 ? image : image.substring(0, at);
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    String digest = at < 0 ? null : image.substring(at + 1);
    if (colon >= 0) {
      return new ImageVersion(named.substring(colon + 1), digest);
    }
    return new ImageVersion(digest == null ? "latest" : null, digest);
  }

  /** The same with the digest that Render tells beside the name, where the name has none. */
  ImageVersion withDigest(@Nullable String other) {
    return digest == null ? new ImageVersion(tag, other) : this;
  }

  /** Whether a deploy of {@code live} is one of this. */
  Match match(ImageVersion live) {
    if (digest != null) {
      return compared(
          digest.toLowerCase(Locale.ROOT),
          live.digest == null ? null : live.digest.toLowerCase(Locale.ROOT));
    }
    return compared(String.valueOf(tag), live.tag);
  }

  private static Match compared(String wanted, @Nullable String live) {
    if (live == null) {
      return Match.NOT_KNOWN;
    }
    return wanted.equals(live) ? Match.SAME : Match.OTHER;
  }
}
