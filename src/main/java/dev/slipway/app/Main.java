package dev.slipway.app;

final class Main {
  private Main() {}

  public static void main(String[] arguments) {}
}
