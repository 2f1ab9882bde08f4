package dev.tutti.server.live;

/** @param trouble why the last attempt did not get in; empty if there was none */
record EnterView(String trouble) {
    String assets() {
        return Assets.ROOT;
    }
}
