"""Words that tell what a text is about, and common words that are names as well. Lists of the field, not of any record."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One-word names that are common words or first names of people too: alone they say nothing.
COMMON = _words("""
    ace alexa alpaca alphabet amazon apollo apple atlas aurora bard bloom canvas character chinchilla claude clip
    codex cohere common copilot craft dawn dolly dolphin dream echo einstein falcon firefly flamingo flan flux
    galactica gato gemini gemma gopher grok harmony hermes imagen jasper jurassic lama llama lumiere make mercury meta
    minerva mistral muse nova open oracle orca palm perceiver persimmon phoenix photos pi pika pile pilot poe recall
    replica runway sage scale scout shap siri sora sparrow stability starling story titan turing vicuna viva watson
    whisper wonder yi you zephyr
""")
# Words of the field: beside several of them, an ambiguous name is likely to be the system or data set.
FIELD = _words("""
    ai algorithm algorithms annotation annotators api benchmark benchmarks caption captioned captions chatbot chatbots checkpoint
    checkpoints classifier corpus crawl crawled dataset datasets deepfake deepfakes embedding embeddings filtered fine-tuned
    finetuned finetuning generated generates generation generative generator hallucination hallucinations image-generation
    image-text inference jailbreak language-model language-models llm llms machine-learning model models multimodal neural
    open-weights openweight outputs pairs parameters pretrained pretraining prompt prompts red-team safeguard safeguards scraped
    scraping text-to-image token tokens trained training transcription transformer weights
""")
# Too common to tell anything, though they stand in names.
STOP = _words("a an and app by data for from in into large of on or pro small system the to tool ultra v version with")
# Words that tell the kind of a thing beside its name.
OF_KIND = {
    "dataset": _words("dataset datasets corpus data subset"),
    "model": _words("model models chatbot assistant checkpoint"),
    "product": _words("app apps platform assistant service chatbot subscribers"),
    "party": _words("company startup firm lab nonprofit ceo investors"),
    "legislation": _words("eu brussels bill lawmakers parliament statute"),
}
